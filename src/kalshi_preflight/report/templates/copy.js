/* Copy buttons: an enhancement; without this script the commands are still there. */
for (const pre of document.querySelectorAll(".preflight figure pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const say = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      say("Copied");
    } catch {
      getSelection().selectAllChildren(pre);
      say("Selected");
    }
  });
  pre.parentElement.querySelector("figcaption").append(button);
}
