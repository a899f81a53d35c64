// Loads a previewed page anew when content has changed, and keeps the place. Without this script a reload does the same.
(() => {
  const { shown } = document.currentScript.dataset;
  const place = `preview ${location.pathname}`;
  const kept = sessionStorage.getItem(place);
  if (kept !== null) {
    sessionStorage.removeItem(place);
    scrollTo(0, Number(kept));
  }
  const pause = () => new Promise((resolve) => setTimeout(resolve, 500));
  let waiting = null;
  const wait = async () => {
    const mine = (waiting = new AbortController());
    let since = shown;
    while (!mine.signal.aborted) {
      try {
        const reply = await fetch(`/changed?since=${since}`, { signal: mine.signal });
        if (!reply.ok) throw new Error(reply.statusText);
        if (reply.status === 200) {
          sessionStorage.setItem(place, String(scrollY));
          location.reload();
          return;
        }
      } catch {
        // The preview has been stopped; one that is started again counts from the beginning.
        since = "0";
        await pause();
      }
    }
  };
  // Only the page in sight waits: a browser opens no more than six connections to one address.
  const follow = () => {
    waiting?.abort();
    if (!document.hidden) wait();
  };
  document.addEventListener("visibilitychange", follow);
  follow();
})();
