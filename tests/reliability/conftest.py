"""What the long reliability tests share."""
