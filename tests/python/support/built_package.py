# SPDX-License-Identifier: MIT
"""The Python package of the build whose programs stand in sys.argv[1], on the path; where it is not built for this Python, the test is skipped (exit 77)."""
import os
import sys
import sysconfig

package = os.path.join(sys.argv[1], "python")
module = os.path.join(package, "tacit", "_tacit" + sysconfig.get_config_var("EXT_SUFFIX"))
if not os.path.exists(module):
    print("the Python package is not built for this Python (Debian: pybind11-dev, python3-dev)")
    sys.exit(77)
sys.path.insert(0, package)
