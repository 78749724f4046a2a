/**
 * What sticks out of the page sideways, to be evaluated in the page. What an element scrolls or clips
 * within itself does not count.
 */
export function sticksOut(): string[] {
  const width = document.documentElement.clientWidth;
  const within = (element: Element): boolean => {
    const parent = element.parentElement;
    if (!parent || parent === document.body) return false;
    return getComputedStyle(parent).overflowX !== 'visible' || within(parent);
  };
  const out = [...document.body.querySelectorAll('*')].filter((element) => {
    const { left, right, width: wide } = element.getBoundingClientRect();
    // What a closed fold holds is laid out, but not seen.
    return wide > 0 && element.checkVisibility() && (right > width + 0.5 || left < -0.5) && !within(element);
  });
  const page = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} px wide`] : [];
  return [...page, ...out.map((element) => `${element.tagName.toLowerCase()}.${element.className}`)];
}

/** How far the page as a whole could be scrolled down, in pixels; to be evaluated in the page. */
export function scrollsDown(): number {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight - clientHeight;
}

/** What of a slide has to be scrolled for, or is too small for the last row; to be evaluated in the page. */
export function doesNotFitASlide(): string[] {
  const slide = document.querySelector('#slides');
  if (!slide) return ['there is no slide'];
  const seen = [slide, ...slide.querySelectorAll('*')].filter((element) => element.checkVisibility());
  const overflows = seen.filter(({ scrollHeight, clientHeight, className }) => clientHeight > 0 && scrollHeight > clientHeight + 1 && className !== 'off-screen');
  const hasText = (element: Element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
  const small = seen.filter((element) => hasText(element) && !element.closest('.off-screen') && Number.parseFloat(getComputedStyle(element).fontSize) < 20);
  return [
    ...overflows.map(({ tagName, className, scrollHeight, clientHeight }) => `${tagName.toLowerCase()}.${className} is ${scrollHeight} px high in ${clientHeight}`),
    ...small.map((element) => `${element.tagName.toLowerCase()}.${element.className} is written in ${getComputedStyle(element).fontSize}`),
  ];
}
