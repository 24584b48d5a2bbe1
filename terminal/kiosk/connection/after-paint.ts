/**
 * Calls back once the frame with the current document has been painted: the animation frame runs before the paint, a
 * message posted from it is handled after. The function returned cancels it.
 */
export function afterPaint(callback: () => void): () => void {
  let cancelled = false;
  const frame = requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      if (!cancelled) callback();
    };
    port2.postMessage(null);
  });
  return () => {
    cancelled = true;
    cancelAnimationFrame(frame);
  };
}
