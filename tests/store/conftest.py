"""The PostgreSQL tests need a server: CI starts one, others set CHAMADA_TEST_POSTGRESQL (see .ci/run)."""

import os

collect_ignore_glob = [] if os.environ.get("CHAMADA_TEST_POSTGRESQL") else ["test_postgresql*.py"]
