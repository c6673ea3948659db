"""Worker processes seen from outside: how one is started, asked, limited and ended."""
