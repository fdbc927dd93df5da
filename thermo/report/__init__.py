"""What a run says about itself: the report document and its tables."""
