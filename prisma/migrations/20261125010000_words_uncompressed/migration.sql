-- Of a frequent word the words of very many trajectories are read, one after the other, and half of that was unpacking them.
-- What is there already stays as it is stored.
ALTER TABLE "trajectory_text" ALTER COLUMN "words" SET STORAGE EXTERNAL;
