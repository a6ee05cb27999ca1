import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  /** Shown in place of what cannot be shown. */
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

/** A mistake of ours in drawing the window must not leave it blank: the mail is safe, and the person is told. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
