"""One piece of work over many items: in this process, on all its cores, or on a Dask cluster."""
