"""litellm, imported at the first request and told to keep to itself: the only module that imports it."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from decimal import Decimal
from functools import lru_cache
from types import ModuleType

from coach.errors import ConfigError
from coach.llm import ModelChoice
from coach.llm_local import register
from coach.local_models import check_local, is_local

_SWITCHES = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",  # reads no .env
    "LITELLM_LOG": "ERROR",
}
NAME_HINT = (
    "Write provider/model, such as openai/gpt-4o-mini, anthropic/claude-sonnet-4-5 or ollama/llama3.2. "
    "For a server of your own write openai/NAME and set COACH_API_BASE to its address."
)
_NO_KEY = "none"  # local servers want a key to be sent, whatever it is


_LOADING = threading.Lock()


def litellm_library() -> ModuleType:
    """litellm: no .env, no downloads, no telemetry, no callbacks, no chatter."""
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> ModuleType:
    os.environ.update(_SWITCHES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own imports warn of is not ours to mend
        import httpx
        import litellm

        # Its types are built at first use, with a warning.
        litellm.ModelResponse()
        litellm.ModelResponseStream(choices=[litellm.types.utils.StreamingChoices()])
    # One for all requests, or each leaves a socket open; a redirect would carry an answer to another server.
    litellm.client_session = httpx.Client(follow_redirects=False)
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    litellm.drop_params = True
    litellm.turn_off_message_logging = True
    for callbacks in ("callbacks", "input_callback", "success_callback", "failure_callback"):
        setattr(litellm, callbacks, [])
    register(litellm)
    # Error lines of the first and debug lines of the others carry prompts and replies.
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return litellm


def check_model(choice: ModelChoice) -> None:
    """Raises ConfigError for a model that litellm does not know or whose key is missing; calls nobody."""
    if is_local(choice.model):
        check_local(choice.model, choice.models_dir)
        return
    litellm = litellm_library()
    try:
        litellm.get_llm_provider(model=choice.model)
        missing = litellm.validate_environment(
            model=choice.model, api_key=choice.api_key, api_base=choice.api_base
        )["missing_keys"]
    except Exception:
        raise ConfigError("unknown_model", f"The model {choice.model!r} is not known.", NAME_HINT) from None
    keys = [name for name in missing if name.endswith("_API_KEY")]
    if keys and not choice.api_key and not choice.api_base:
        raise ConfigError(
            "missing_key",
            f"The model {choice.model!r} needs a key and none is set.",
            f"Set the environment variable {' or '.join(sorted(keys))}, or choose another model.",
        )


def key_to_send(choice: ModelChoice) -> str | None:
    """The key of the choice; None leaves it to the environment. A server of one's own needs some text."""
    if choice.api_key or not choice.api_base:
        return choice.api_key
    missing = litellm_library().validate_environment(model=choice.model)["missing_keys"]
    return _NO_KEY if missing else None


def price(model: str, prompt_tokens: int, completion_tokens: int) -> Decimal | None:
    """US dollars by litellm's table of prices; None for a model that is not in it."""
    litellm = litellm_library()
    try:
        litellm.get_model_info(model=model)
        parts = litellm.cost_per_token(
            model=model, prompt_tokens=prompt_tokens, completion_tokens=completion_tokens
        )
        return max(Decimal(0), sum((Decimal(str(part)) for part in parts), Decimal(0)))
    except Exception:
        return None
