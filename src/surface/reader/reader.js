// The pages work without it.
for (const origin of document.querySelectorAll(".curl .origin")) origin.textContent = location.origin;
