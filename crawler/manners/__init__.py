"""What may be asked of a website, by whom and how often, and what may be kept of it? No requests here."""
