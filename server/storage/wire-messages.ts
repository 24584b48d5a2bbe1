/**
 * Messages to PostgreSQL (protocol 3.0, "Message Formats" of its manual), written into buffers of their own so that they
 * can be handed to another thread without copying.
 */

const encodedLength = (text: string): number => Buffer.byteLength(text, "utf8");

class Writer {
  readonly bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    // Not from the shared pool: the buffer will be transferred.
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  letter(letter: string): void {
    this.bytes[this.#at++] = letter.charCodeAt(0);
  }

  int32(value: number): void {
    this.#at = this.bytes.writeInt32BE(value, this.#at);
  }

  int16(value: number): void {
    this.#at = this.bytes.writeInt16BE(value, this.#at);
  }

  text(text: string): void {
    this.#at += this.bytes.write(text, this.#at, "utf8");
  }

  cstring(text: string): void {
    this.text(text);
    this.bytes[this.#at++] = 0;
  }
}

const SYNC_SIZE = 5;
function sync(writer: Writer): void {
  writer.letter("S");
  writer.int32(4);
}

/** A simple query; may hold several statements. */
export function queryMessage(text: string): Uint8Array {
  const length = 4 + encodedLength(text) + 1;
  const writer = new Writer(1 + length);
  writer.letter("Q");
  writer.int32(length);
  writer.cstring(text);
  return writer.bytes;
}

/** Parse and describe a statement under a name, then sync. */
export function prepareMessage(name: string, text: string): Uint8Array {
  const parseLength = 4 + encodedLength(name) + 1 + encodedLength(text) + 1 + 2;
  const describeLength = 4 + 1 + encodedLength(name) + 1;
  const writer = new Writer(1 + parseLength + 1 + describeLength + SYNC_SIZE);
  writer.letter("P");
  writer.int32(parseLength);
  writer.cstring(name);
  writer.cstring(text);
  writer.int16(0);
  writer.letter("D");
  writer.int32(describeLength);
  writer.letter("S");
  writer.cstring(name);
  sync(writer);
  return writer.bytes;
}

/** Bind values in text format to a prepared statement, execute it, then sync. */
export function executeMessage(name: string, values: readonly (string | null)[]): Uint8Array {
  const lengths = values.map((value) => (value === null ? -1 : encodedLength(value)));
  const valuesSize = lengths.reduce((total, length) => total + 4 + Math.max(0, length), 0);
  const bindLength = 4 + 1 + encodedLength(name) + 1 + 2 + 2 + valuesSize + 2;
  const executeLength = 4 + 1 + 4;
  const writer = new Writer(1 + bindLength + 1 + executeLength + SYNC_SIZE);
  writer.letter("B");
  writer.int32(bindLength);
  writer.cstring("");
  writer.cstring(name);
  writer.int16(0);
  writer.int16(values.length);
  for (const [index, value] of values.entries()) {
    writer.int32(lengths[index] ?? -1);
    if (value !== null) writer.text(value);
  }
  writer.int16(0);
  writer.letter("E");
  writer.int32(executeLength);
  writer.cstring("");
  writer.int32(0);
  sync(writer);
  return writer.bytes;
}

/** Several messages as one. */
export function joinedMessages(messages: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(messages.reduce((total, message) => total + message.length, 0));
  let at = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
  }
  return bytes;
}
