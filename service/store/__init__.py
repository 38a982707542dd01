"""What is kept of every inference: records, and what people, judges and canaries say of them."""
