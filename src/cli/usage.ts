import { defaultStrength, limits, type NumberRange } from '../protocol/limits.js';

const range = ({ minimum, maximum }: NumberRange): string => `${minimum} to ${maximum}`;

/** What `oneflow --help` prints. */
export const usage = `Usage:
  oneflow refine <file.md> [options]     refine the masked text and pictures of a document together
  oneflow inspect <file.md> [--json]     list the marks of a document, with line and column
  oneflow verify <model-dir> [--json]    check a model package: hashes, shapes, a reference run
  oneflow devices [--json]               try what this machine can run the model on
  oneflow bench [--json]                 measure how fast this machine runs the model
  oneflow --help | --version

Options of refine:
  -o <out.md>            where the refined document goes (default: <name>.refined.md beside the input)
  --force                replace the output if it exists
  --images-dir <dir>     where new pictures go (default: images/ beside the output)
  --steps <n>            steps of the flow, ${range(limits.steps)}; more passes may finish the text (default: the model's own)
  --seed <n>             ${range(limits.seed)}; with the same model, device and threads, the same bytes (default: a new one)
  --strength <s>         ${range(limits.strength)}: how much of what is there is given up; 1 starts from nothing (default: ${defaultStrength})
  --guidance <w>         ${range(limits.guidance)}: how closely texts follow their context, pictures their alt texts (default: the
                         model's own)
  --only text|images     refine only the text, or only the pictures
  --mode <mode>          concurrent (default), or sequential: a token a pass, then each picture by itself
  --model <dir>          a model package (default: the embedded one)
  --device <device>      what to run on: auto, cpu, webgpu, cuda, dml or coreml (default: auto, the CPU or a
                         faster GPU); a GPU that cannot be used is left for the CPU with a warning
  --html <out.html>      also write the refined document as a web page, pictures included
  --json                 print one JSON object instead of the output's path
  --quiet                no progress and no warnings

Marks in the document:
  Simmer <!--mask-->for ten minutes<!--/mask-->.     a text to rewrite; empty: a text to write
  ![a bowl of soup](mask:)                           a picture to draw from its alt text

Exit codes: 0 done, 1 run failed, 2 bad usage or document, 3 bad model, 130 interrupted.
`;
