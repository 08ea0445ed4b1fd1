-- Together's and Fireworks' own fine-tuning APIs are kinds of provider.
ALTER TABLE "training_provider" DROP CONSTRAINT "training_provider_kind_known";
ALTER TABLE "training_provider" ADD CONSTRAINT "training_provider_kind_known"
  CHECK (kind IN ('openai', 'together', 'fireworks', 'command'));
