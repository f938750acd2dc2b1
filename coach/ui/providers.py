"""Who a language model can be asked from, and how litellm names what they have."""

from __future__ import annotations

from typing import Final, NamedTuple


class Provider(NamedTuple):
    """A provider. `prefix` is put before the name of a model; `address` is an example where one has to be
    given; `note` says what else it needs."""

    id: str
    name: str
    prefix: str
    example: str
    address: str = ""
    wants_key: bool = True
    note: str = ""

    def full_name(self, model: str) -> str:
        """The name as litellm has it; "" for none."""
        model = model.strip()
        return model if not model or model.startswith(self.prefix) else f"{self.prefix}{model}"


PROVIDERS: Final = {
    provider.id: provider
    for provider in (
        Provider("openai", "OpenAI", "openai/", "gpt-4o-mini"),
        Provider("anthropic", "Anthropic", "anthropic/", "claude-sonnet-4-5"),
        Provider("gemini", "Google Gemini", "gemini/", "gemini-2.5-flash"),
        Provider(
            "azure",
            "Azure OpenAI",
            "azure/",
            "the name of your deployment",
            "https://NAME.openai.azure.com",
            note="The version of its interface is taken from AZURE_API_VERSION in the environment.",
        ),
        Provider(
            "ollama",
            "Ollama on this computer",
            "ollama/",
            "llama3.1",
            "http://localhost:11434",
            wants_key=False,
            note="Nothing leaves this computer. Pull the model first: ollama pull NAME.",
        ),
        Provider(
            "server",
            "A llama.cpp or other OpenAI-compatible server",
            "openai/",
            "the name that the server gives it",
            "http://localhost:8080/v1",
            note="A server of your own often needs no key.",
        ),
        Provider(
            "proxy", "A LiteLLM proxy", "litellm_proxy/", "the name in its list", "http://localhost:4000"
        ),
        Provider("other", "Another one, by its litellm name", "", "groq/llama-3.3-70b-versatile"),
    )
}
OTHER: Final = "other"
# Servers want some text as a key; a key from the environment is not for an address typed into a page.
NO_KEY: Final = "none"


def provider_of(model: str | None, api_base: str | None = None) -> Provider:
    """The provider that a litellm name and an address point to."""
    if not model:
        return PROVIDERS["openai"]
    if api_base and model.startswith("openai/"):
        return PROVIDERS["server"]
    found = (p for p in PROVIDERS.values() if p.prefix and p.id != "server" and model.startswith(p.prefix))
    return next(found, PROVIDERS[OTHER])


def default_address(provider: Provider) -> str:
    """The address that stands in the box at first: that of a server on this computer, else none."""
    return provider.address if provider.address.startswith("http://localhost") else ""
