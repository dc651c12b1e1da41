// Both shops are the same page; they differ in when they connect, and the address says which one this is.
await import(location.pathname.endsWith('/eager') ? './eager.js' : './lazy.js');
