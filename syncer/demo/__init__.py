"""What `syncer demo` plays: the folder that it writes, and the people who change things on both sides."""
