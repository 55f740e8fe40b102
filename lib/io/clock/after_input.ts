/**
 * Lets a program read its sockets between two turns of long work. Deno looks for
 * input only where nothing else is due, so that timers which follow each other
 * keep it waiting for as long as they last.
 *
 * @module
 */

const BYTE = new Uint8Array(1);

/** A connection of this program to itself. */
export class AfterInput implements Disposable {
  readonly #near: Deno.Conn;
  readonly #far: Deno.Conn;
  #isOpen = true;

  private constructor(near: Deno.Conn, far: Deno.Conn) {
    this.#near = near;
    this.#far = far;
  }

  /** @returns Null if this machine does not let it connect to itself. */
  static async open(): Promise<AfterInput | null> {
    const hostname = "127.0.0.1";
    using opened = new DisposableStack();
    try {
      using listener = Deno.listen({ hostname, port: 0 });
      const { port } = listener.addr;
      const near = opened.use(await Deno.connect({ hostname, port }));
      const far = opened.use(await listener.accept());
      const { remoteAddr } = far;
      // Another program may have been quicker.
      if (remoteAddr.port !== near.localAddr.port) return null;
      opened.move();
      return new AfterInput(near, far);
    } catch {
      return null; // The caller does without.
    }
  }

  /** Runs a function in a later turn, behind the input that was there before. */
  run = (work: () => void): void => {
    if (this.#isOpen) this.#wait().then(work, () => void setTimeout(work));
    else setTimeout(work);
  };

  /** Waits for a byte that is sent once it is waited for. */
  async #wait(): Promise<void> {
    const came = this.#far.read(new Uint8Array(1));
    await Promise.all([this.#near.write(BYTE), came]);
  }

  [Symbol.dispose](): void {
    this.#isOpen = false;
    this.#near.close();
    this.#far.close();
  }
}
