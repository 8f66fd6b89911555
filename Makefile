# Two commands do everything: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PHOTOS ?=
HOST ?= 127.0.0.1
PORT ?= 8000
# Where PyTorch's CPU build is looked for first, so that nobody without a GPU fetches CUDA.
# Set it empty where a wheel is found locally, or to another index for a CUDA build.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
DATA ?= ../shared/data
VERSION ?= $(shell date +%Y.%m.%d)

.PHONY: install demo test format lint types law unit integration javascript train bench clean

install: $(VENV)/.installed

# Outside the project's own site-packages nothing is touched. `--retries 1`: an index that does
# not answer is passed over quickly.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -qq --retries 1 $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) torch==2.13.0 torchvision==0.28.0
	$(PY) -m pip install -qq --retries 1 -e ".[web,openvino,torch,training,dev]"
	@touch $@

demo: install
	$(PY) manage.py demo --host $(HOST) --port $(PORT) $(if $(PHOTOS),--photos "$(PHOTOS)")

test: install
	$(PY) -m tests.everything

format: install
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

lint: install
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .

types: install
	$(VENV)/bin/mypy

law: install
	$(VENV)/bin/lint-imports

unit: install
	$(VENV)/bin/pytest -m "not integration and not faults and not browser"

integration: install
	REVIEW_DATABASE_HOST=127.0.0.1 $(VENV)/bin/pytest -m integration
	$(VENV)/bin/pytest -m faults

javascript:
	node --test tests/js/

train: install
	$(PY) -m inference train --all --data $(DATA) --version $(VERSION)
	$(PY) -m inference calibrate $(DATA) --model inference/weights/$(VERSION)

bench: install
	$(PY) -m inference bench --data $(DATA)

clean:
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
