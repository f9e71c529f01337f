"""What people read: true, whole, safe, and free of secrets."""
