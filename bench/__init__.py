"""What mirroring costs: requests per record, time, CPU and memory, of the product as its users run it.

The product and both sandbox servers are processes of their own. What the product asked is recorded by the servers,
and asked again by a bare client, so that the time of the mirror can be held against the time of its requests.

    python -m bench --help
"""
