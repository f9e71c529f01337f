/* Copy buttons: an enhancement; without this script the commands are still there. */
for (const pre of document.querySelectorAll(".preflight figure pre")) {
  const button = document.createElement("button");
  const caption = pre.parentElement.querySelector("figcaption");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  const say = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  /* Pages that came over plain HTTP have no clipboard of their own. */
  const select = () => {
    getSelection().selectAllChildren(pre);
    return document.execCommand("copy");
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      say("Copied");
    } catch {
      say(select() ? "Copied" : "Selected");
    }
  });
  caption.append(button);
}
/* pytest-html's table is sorted and unfolded by clicks: let keys do the same. */
addEventListener("load", () => {
  for (const head of document.querySelectorAll("#results-table .sortable")) {
    head.tabIndex = 0;
  }
});
addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.key === "Enter" && target.matches(".sortable, .logexpander")) {
    target.click();
  }
});
