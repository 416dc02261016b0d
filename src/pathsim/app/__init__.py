"""The local page: levers to move, and the report's own sections that follow them."""
