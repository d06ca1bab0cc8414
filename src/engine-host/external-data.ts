/**
 * Finds weights that an ONNX file keeps elsewhere.
 *
 * ONNX Runtime resolves the places of such weights against the working directory when a graph comes from memory, and
 * takes one special place for an address in memory. Neither can be in a package's list of files, so a graph must be
 * whole: this walks the file's protobuf messages (onnx.proto3) and looks at every tensor's `data_location`.
 */

type Message = 'model' | 'training' | 'function' | 'graph' | 'node' | 'attribute' | 'sparse' | 'tensor';

/** Field numbers of onnx.proto3 under which a message may hold tensors, and what lies there. */
const nested: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};

/** Fields of TensorProto: a list of key and value, and where the data is (1: external). */
const externalData = 13;
const dataLocation = 14;

/**
 * Whether any tensor of an ONNX file has its data outside the file.
 * @throws Error when the bytes are no protobuf message
 */
export function hasExternalData(onnx: Uint8Array): boolean {
  const pending: { message: Message; start: number; end: number }[] = [
    { message: 'model', start: 0, end: onnx.length },
  ];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const reader = new FieldReader(onnx, part.start, part.end);
    for (let field = reader.next(); field !== undefined; field = reader.next()) {
      if (part.message === 'tensor') {
        if (field.number === externalData) return true;
        if (field.number === dataLocation && field.value !== 0) return true;
      }
      const message = nested[part.message][field.number];
      if (message !== undefined && field.start !== undefined) {
        pending.push({ message, start: field.start, end: field.end });
      }
    }
  }
  return false;
}

/** One field of a message: its number, and a varint's value or the bounds of its bytes. */
type Field =
  | { readonly number: number; readonly value: number; readonly start?: undefined }
  | { readonly number: number; readonly value?: undefined; readonly start: number; readonly end: number };

/** Reads the fields of one message in turn (protobuf's wire format). */
class FieldReader {
  constructor(
    private readonly bytes: Uint8Array,
    private offset: number,
    private readonly end: number,
  ) {}

  next(): Field | undefined {
    if (this.offset === this.end) return undefined;
    const tag = this.varint();
    // Readers that keep 32 bits of a longer tag would see another field than this one.
    if (tag >= 2 ** 32) throw new Error('a field number in it is too large');
    // Field numbers have 29 bits: the division keeps them where a shift would wrap around.
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        return { number, value: this.varint() };
      case 1:
        return this.take(number, 8);
      case 2:
        return this.take(number, this.varint());
      case 5:
        return this.take(number, 4);
      default:
        throw new Error('it is no protobuf message');
    }
  }

  private take(number: number, length: number): Field {
    const start = this.offset;
    this.offset += length;
    if (this.offset > this.end) throw new Error('it ends within a field');
    return { number, start, end: this.offset };
  }

  /** Exact up to 2⁵³, far above any length or tag here. */
  private varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      if (this.offset >= this.end) throw new Error('it ends within a number');
      const byte = this.bytes[this.offset]!;
      this.offset += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error('a number in it is too long');
  }
}
