// Before anything is painted: the colours that the reader has chosen. Not a module, for those wait.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser may forbid storage; then the system's wish holds.
}
