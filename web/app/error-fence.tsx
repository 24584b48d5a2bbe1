import { Component, type ReactNode } from "react";

/** Keeps a part that fails to draw (a browser without WebGL) from taking the page with it. */
export class ErrorFence extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
