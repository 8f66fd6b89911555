"""One file per concern; `development`, `test` and `production` put them together."""
