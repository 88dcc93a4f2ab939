//! Browsers slow down the timers of hidden pages to one a minute; a worker's go on.
setInterval(() => postMessage(0), 5_000)
