"""The validation cases: each is run on the full path of a case file and held against published or exact numbers."""
