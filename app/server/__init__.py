"""The faces that other programs talk to, and the only home of asyncio."""
