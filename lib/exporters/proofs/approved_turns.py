"""NeMo-RL's dataset of OpenAI's format, with the arguments of tool calls as objects: it hands rows to the template as they are."""

from typing import Any

from nemo_rl.data.datasets.response_datasets.oai_format_dataset import OpenAIFormatDataset
from tool_calls import with_objects


class ApprovedTurns(OpenAIFormatDataset):
    def format_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return super().format_data({**data, "messages": with_objects(data["messages"])})
