"""One step a file, named after its revision: four digits that only grow."""
