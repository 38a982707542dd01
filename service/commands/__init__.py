"""The commands of ``dragoman``, one file each; ``service.__main__`` reads the options and calls them."""
