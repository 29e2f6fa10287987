"""What links an incident project with an issue project: mapping files, their model, and the lenses.

For admins: `README.md` and `examples/` beside this file. For the program, the usual way in:

    load_mappings(Path("/etc/syncer/mappings"))    mappings, or a `MappingError` that says all that is wrong

The model is in `mappings.model`, the names of fields in `mappings.fields`, the lenses that translate in
`mappings.lenses`, the JSON Schema for editors in `mappings.schema`.
"""

from mappings.load import load_mapping, load_mappings
from mappings.model import Mapping
from mappings.problems import MappingError, Problem

__all__ = ["Mapping", "MappingError", "Problem", "load_mapping", "load_mappings"]
