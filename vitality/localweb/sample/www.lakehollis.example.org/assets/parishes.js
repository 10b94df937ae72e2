// Draws the list of parishes from the data of /api/v1/parishes.json.
document.addEventListener("DOMContentLoaded", async () => {
  const answer = await fetch("/api/v1/parishes.json", { headers: { Accept: "application/json" } });
  const { parishes } = await answer.json();
  const app = document.getElementById("app");
  const title = document.createElement("h1");
  title.textContent = "Parishes";
  app.append(title);
  for (const parish of parishes) {
    const card = document.createElement("section");
    card.className = "parish";
    const name = document.createElement("h2");
    name.textContent = parish.name;
    const address = document.createElement("p");
    address.textContent = `${parish.address.street}, ${parish.address.city}, ${parish.address.state} ${parish.address.zip}`;
    const phone = document.createElement("p");
    phone.textContent = parish.phone;
    card.append(name, address, phone);
    if (parish.website) {
      const link = document.createElement("a");
      link.href = parish.website;
      link.textContent = "Web site";
      card.append(link);
    }
    app.append(card);
  }
});
