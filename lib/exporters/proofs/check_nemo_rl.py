"""Proves with a checkout of NeMo-RL that gleaner.yaml trains exactly the approved text, with NEMO_RL set as for training:
uv run --project $NEMO_RL python check.py [--tokenizer NAME]."""

import os
import sys
from pathlib import Path

import check_common as check

sys.path[:0] = [os.environ["NEMO_RL"], os.environ["NEMO_RL"] + "/examples"]


def render(rows: Path, model: Path, out: Path) -> list[check.Rendered]:
    from nemo_rl.algorithms.utils import get_tokenizer
    from nemo_rl.data.collate_fn import rl_collate_fn
    from nemo_rl.data.llm_message_utils import add_loss_mask_to_message_log, batched_message_log_to_flat_message
    from nemo_rl.utils.config import load_config, register_omegaconf_resolvers
    from omegaconf import OmegaConf
    from run_sft import setup_data

    register_omegaconf_resolvers()
    config = load_config(check.FOLDER / "gleaner.yaml")
    config.policy.model_name = str(model)
    config.data.train.data_path = str(rows)
    config.data.validation = None
    settings = OmegaConf.to_container(config, resolve=True)
    tokenizer = get_tokenizer(settings["policy"]["tokenizer"])
    trained, _ = setup_data(tokenizer, settings["data"])
    found = []
    for index in range(len(trained)):
        # As nemo_rl.algorithms.sft makes a batch.
        batch = rl_collate_fn([trained[index]])
        final = settings["sft"]["only_unmask_final"]
        add_loss_mask_to_message_log(batch["message_log"], roles_to_train_on=["assistant"], only_unmask_final=final)
        flat, _ = batched_message_log_to_flat_message(
            batch["message_log"], pad_value_dict={"token_ids": tokenizer.pad_token_id}
        )
        weights = flat["token_loss_mask"][0] * batch["loss_multiplier"][0]
        found.append(check.Rendered(flat["token_ids"][0].tolist(), (weights > 0).tolist()))
    return found


if __name__ == "__main__":
    check.prove("nemo-rl", render)
