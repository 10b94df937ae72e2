// The whole site is drawn here; the HTML holds nothing but an empty root.
const PAGES = {
  "/": [
    ["h1", "Cathedral of St. Ansgar"],
    ["p", "80 North Shore Drive, Lake Hollis, MN 55990"],
    ["p", "(218) 555-0133"],
    ["p", "The doors are open from 7 in the morning."],
  ],
  "/schedule": [
    ["h1", "Schedule"],
    ["h2", "Mass"],
    ["p", "Saturday: " + clock(17, 15)],
    ["p", "Sunday: " + clock(9, 0) + " and " + clock(11, 0)],
    ["p", "Monday to Friday: " + clock(7, 30)],
    ["h2", "Confession"],
    ["p", "Saturday: " + clock(16, 0) + " - " + clock(17, 0)],
  ],
};

function clock(hour, minute) {
  const half = hour < 12 ? "AM" : "PM";
  return `${((hour + 11) % 12) + 1}:${String(minute).padStart(2, "0")} ${half}`;
}

document.addEventListener("DOMContentLoaded", () => {
  const root = document.getElementById("root");
  const menu = document.createElement("nav");
  for (const [path, words] of [["/", "Home"], ["/schedule", "Mass & Confession Schedule"]]) {
    const link = document.createElement("a");
    link.href = path;
    link.textContent = words;
    menu.append(link, " ");
  }
  const main = document.createElement("main");
  for (const [tag, words] of PAGES[location.pathname] ?? [["h1", "Not found"]]) {
    const node = document.createElement(tag);
    node.textContent = words;
    main.append(node);
  }
  root.append(menu, main);
});
