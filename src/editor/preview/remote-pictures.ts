import type { Memento, Uri } from 'vscode';

const stateKey = 'oneflow.remotePictures';
/** Documents that are remembered; the oldest are forgotten, and asked about again. */
const most = 200;

/** In which documents the author lets the preview load pictures from elsewhere. In none, unless they have said so. */
export class RemotePictures {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  areAllowedIn(document: Uri): boolean {
    return this.#documents().includes(document.toString());
  }

  async allowIn(document: Uri): Promise<void> {
    const others = this.#documents().filter((other) => other !== document.toString());
    await this.#state.update(stateKey, [...others, document.toString()].slice(-most));
  }

  #documents(): readonly string[] {
    return this.#state.get<readonly string[]>(stateKey, []);
  }
}
