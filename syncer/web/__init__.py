"""What the daemon shows over HTTP: probes, metrics and the console, all on one port."""
