-- How many words may wait for their index is said by who adds them (lib/store/client.ts): an import, which puts them into it
-- by itself, lets four times as many wait as anybody else, because each time costs as much as there are different words.
ALTER INDEX "trajectory_text_words_idx" RESET (gin_pending_list_limit);
