export type LineState = 'connecting' | 'open' | 'closed';

interface Listener {
  bytes: (bytes: Uint8Array) => void;
  state: (state: LineState, reason?: string) => void;
}

/** The guest's serial line over a WebSocket: binary frames are bytes, text frames are messages. */
export class SerialLine {
  private readonly socket: WebSocket;
  private readonly listener: Listener;
  private reason: string | undefined;

  constructor(instanceId: string, listener: Listener) {
    this.listener = listener;
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    this.socket = new WebSocket(`${scheme}://${window.location.host}/v1/instances/${instanceId}/serial`);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => listener.state('open');
    this.socket.onclose = () => listener.state('closed', this.reason);
    this.socket.onmessage = (message: MessageEvent<ArrayBuffer | string>) => this.take(message.data);
    listener.state('connecting');
  }

  type(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }

  size(columns: number, rows: number): void {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type: 'size', columns, rows }));
    }
  }

  close(): void {
    this.socket.onclose = null;
    this.socket.onmessage = null;
    this.socket.onopen = null;
    this.socket.close();
  }

  private take(data: ArrayBuffer | string): void {
    if (typeof data !== 'string') {
      this.listener.bytes(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(data) as { type?: string; reason?: string };
    if (message.type === 'end') this.reason = message.reason;
  }
}
