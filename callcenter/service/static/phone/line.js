// The phone's connection to the exchange: a token from the web server, one WebSocket, Media Streams messages; made again
// whenever it breaks. Every message of the exchange becomes an event of its name.

const RETRY_MILLISECONDS = [500, 1000, 2000, 5000, 10000];
const PROVE_AGAIN = 4401;

export class ExchangeLine extends EventTarget {
  constructor(tokenPath, mayConnect) {
    super();
    this.tokenPath = tokenPath;
    this.mayConnect = mayConnect; // whether the page's policy knows where the exchange is
    this.failures = 0;
    this.pass = null;
  }

  async open() {
    clearTimeout(this.retrying);
    try {
      this.pass ??= await this.fetchPass();
    } catch (error) {
      return this.failed(error.message);
    }
    if (!this.mayConnect) return location.reload();
    this.socket = new WebSocket(this.pass.url);
    this.socket.addEventListener("open", () => this.send({ event: "connected", protocol: "Call", version: "1.0.0", token: this.pass.token }));
    this.socket.addEventListener("message", ({ data }) => this.receive(JSON.parse(data)));
    this.socket.addEventListener("close", ({ code }) => this.closed(code));
  }

  close() {
    clearTimeout(this.retrying);
    this.isClosed = true;
    this.socket?.close();
  }

  get isUp() { return this.socket?.readyState === WebSocket.OPEN; }

  send(message) {
    if (this.isUp) this.socket.send(JSON.stringify(message));
  }

  async fetchPass() {
    const answer = await fetch(this.tokenPath, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
    if (!answer) throw new Error("The centre cannot be reached just now.");
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.detail ?? "The centre gives this phone no number just now.");
    return told;
  }

  receive(message) {
    if (message.event === "registered") this.failures = 0;
    this.dispatchEvent(new CustomEvent(message.event, { detail: message }));
  }

  closed(code) {
    if (this.isClosed) return;
    // A refused token is asked for anew at once; so is everything after an exchange that was not to be had where it was.
    if (code === PROVE_AGAIN || this.failures > 0) this.pass = null;
    this.failed("The exchange cannot be reached just now.");
  }

  failed(sentence) {
    const wait = RETRY_MILLISECONDS[Math.min(this.failures, RETRY_MILLISECONDS.length - 1)];
    this.failures += 1;
    this.dispatchEvent(new CustomEvent("down", { detail: { sentence } }));
    this.retrying = setTimeout(() => this.open(), wait);
  }
}
