/** The format under which conversations are dragged; which they are is the window's to remember. */
export const draggedFormat = 'application/x-relevo-conversations';
