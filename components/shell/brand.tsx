/** `Brand`: the mark (an ear of grain, what is left to glean) and the name. */
export function Brand() {
  return (
    <span className="flex items-center gap-2 text-base font-semibold tracking-[-0.01em] text-ink">
      <svg viewBox="0 0 24 24" aria-hidden className="size-5 text-accent" fill="none" stroke="currentColor">
        <path strokeLinecap="round" strokeWidth="1.6" d="M12 22V9" />
        <path
          strokeLinejoin="round"
          strokeWidth="1.6"
          d="M12 19c-3.2 0-5-1.6-5-4.4 3.2 0 5 1.6 5 4.4Zm0 0c3.2 0 5-1.6 5-4.4-3.2 0-5 1.6-5 4.4ZM12 13c-3.2 0-5-1.6-5-4.4 3.2 0 5 1.6 5 4.4Zm0 0c3.2 0 5-1.6 5-4.4-3.2 0-5 1.6-5 4.4ZM12 2c-1.7 1.6-1.7 4 0 5.6 1.7-1.6 1.7-4 0-5.6Z"
        />
      </svg>
      Gleaner
    </span>
  );
}
