// Drawing a route on the map. Without this file the route is uploaded or typed.
(() => {
  "use strict";
  const box = document.querySelector("[data-route-draw]");
  if (!box) return;
  const svg = box.querySelector("svg");
  const form = box.closest("form");
  const field = form.querySelector("[name=drawn]");
  const find = (name) => box.querySelector(`[data-${name}]`);
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const affine = json("draw-affine");
  const streets = json("draw-lines");
  const NS = "http://www.w3.org/2000/svg";
  const SNAP_PIXELS = 14;
  const CLICK_PIXELS = 6;
  const KEY_METRES = 1;

  // Each vertex: its place on the picture in metres, how the line goes on from it, a chamber or not.
  let vertices = [];
  const view = (() => {
    const [x, y, w, h] = svg.getAttribute("viewBox").split(" ").map(Number);
    return { x, y, w, h };
  })();

  const toDegrees = ({ x, y }) => [
    +(affine.lon0 + affine.lonx * x + affine.lony * y).toFixed(7),
    +(affine.lat0 + affine.latx * x + affine.laty * y).toFixed(7),
  ];
  const toPlace = ([lon, lat]) => {
    const [dx, dy] = [lon - affine.lon0, lat - affine.lat0];
    const whole = affine.lonx * affine.laty - affine.lony * affine.latx;
    return {
      x: (dx * affine.laty - dy * affine.lony) / whole,
      y: (dy * affine.lonx - dx * affine.latx) / whole,
    };
  };
  const perPixel = () => view.w / svg.clientWidth;
  const placeOf = (event) => {
    const rect = svg.getBoundingClientRect();
    return {
      x: view.x + ((event.clientX - rect.left) / rect.width) * view.w,
      y: view.y + ((event.clientY - rect.top) / rect.height) * view.h,
    };
  };

  // The nearest place on a street's centre line, when it is near enough on the screen.
  const snapped = (place) => {
    if (!find("snap").checked) return place;
    let best = { distance: SNAP_PIXELS * perPixel(), place };
    for (const line of streets) {
      for (let i = 1; i < line.length; i += 1) {
        const [[ax, ay], [bx, by]] = [line[i - 1], line[i]];
        const square = (bx - ax) ** 2 + (by - ay) ** 2;
        const along = square ? ((place.x - ax) * (bx - ax) + (place.y - ay) * (by - ay)) / square : 0;
        const t = Math.max(0, Math.min(1, along));
        const near = { x: ax + t * (bx - ax), y: ay + t * (by - ay) };
        const distance = Math.hypot(near.x - place.x, near.y - place.y);
        if (distance < best.distance) best = { distance, place: near };
      }
    }
    return best.place;
  };

  const collection = () => {
    const features = [];
    const line = (laying, points) => ({
      type: "Feature",
      properties: { laying },
      geometry: { type: "LineString", coordinates: points.map(toDegrees) },
    });
    let part = [];
    vertices.forEach((vertex, index) => {
      part.push(vertex);
      const last = index === vertices.length - 1;
      if (part.length > 1 && (last || vertex.laying !== part[0].laying)) {
        features.push(line(part[0].laying, part));
        part = [vertex];
      }
    });
    vertices.filter((vertex) => vertex.well).forEach((vertex) => features.push({
      type: "Feature",
      properties: { kind: "chamber" },
      geometry: { type: "Point", coordinates: toDegrees(vertex) },
    }));
    return { type: "FeatureCollection", features };
  };

  const length = () => vertices.slice(1).reduce(
    (sum, vertex, i) => sum + Math.hypot(vertex.x - vertices[i].x, vertex.y - vertices[i].y), 0);

  const layer = document.createElementNS(NS, "g");
  svg.append(layer);
  const shape = (name, attributes) => {
    const made = document.createElementNS(NS, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    layer.append(made);
    return made;
  };
  const DASHES = { existing_duct: "12 5", pulled: "3 7", overhead: "14 5 3 5", bridge: "7 4" };

  const draw = (focus) => {
    layer.replaceChildren();
    for (let i = 1; i < vertices.length; i += 1) {
      const [from, to] = [vertices[i - 1], vertices[i]];
      const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y, "vector-effect": "non-scaling-stroke" };
      shape("line", { ...ends, stroke: "#fff", "stroke-width": 8, "stroke-linecap": "round" });
      const dash = DASHES[from.laying];
      shape("line", { ...ends, stroke: "#0b8a8a", "stroke-width": 4, ...(dash ? { "stroke-dasharray": dash } : {}) });
    }
    const radius = 8 * perPixel();
    vertices.forEach((vertex, index) => {
      const common = {
        fill: vertex.well ? "#14213d" : index === 0 ? "#fff" : "#0b8a8a",
        stroke: "#0b6e6e", "stroke-width": 3, "vector-effect": "non-scaling-stroke",
        "data-handle": index, tabindex: 0, role: "button", "aria-label": String(index + 1),
      };
      if (vertex.well) {
        shape("rect", { ...common, x: vertex.x - radius, y: vertex.y - radius, width: 2 * radius, height: 2 * radius });
      } else {
        shape("circle", { ...common, cx: vertex.x, cy: vertex.y, r: radius });
      }
    });
    if (focus !== undefined) layer.querySelector(`[data-handle="${focus}"]`)?.focus();
    if (vertices.length) {
      const words = box.dataset;
      find("state").textContent = `${words.length} ${length().toFixed(1)} ${words.metres} · ${vertices.length} ${words.points}`;
    }
  };

  const show = () => {
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
    svg.querySelectorAll("[data-labels]").forEach((group) => {
      const size = 13 * perPixel();
      group.setAttribute("font-size", size);
      group.setAttribute("stroke-width", size / 4);
    });
    draw();
  };

  // What the server makes of it: the same page part as after the button, without keeping anything.
  let asked = 0;
  let waiting;
  const ask = async () => {
    const mine = (asked += 1);
    const answer = document.querySelector("[data-answer]");
    const data = new FormData(form);
    data.delete("file");
    data.delete("points");
    if (!form.elements.voltage_kv.value) return;
    answer.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(box.dataset.preview, { method: "POST", body: data });
      const text = await response.text();
      if (mine === asked && (response.ok || response.status === 422)) answer.innerHTML = text;
    } catch {
      find("state").textContent = box.dataset.failed;
    }
    answer.removeAttribute("aria-busy");
  };
  const changed = (focus) => {
    field.value = vertices.length > 1 ? JSON.stringify(collection()) : "";
    form.elements.points.value = "";
    draw(focus);
    clearTimeout(waiting);
    if (vertices.length > 1) waiting = setTimeout(ask, 400);
  };

  // Pointer: a press without moving adds a point; a handle moves its point; the map is dragged.
  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const handle = event.target.closest("[data-handle]");
    held = {
      x: event.clientX, y: event.clientY, moved: false,
      at: { x: view.x, y: view.y }, index: handle ? +handle.dataset.handle : -1,
    };
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    held.moved = held.moved || Math.hypot(dx, dy) > CLICK_PIXELS;
    if (!held.moved) return;
    if (held.index >= 0) {
      Object.assign(vertices[held.index], snapped(placeOf(event)));
      draw();
    } else {
      svg.classList.add("is-panning");
      view.x = held.at.x - dx * perPixel();
      view.y = held.at.y - dy * perPixel();
      show();
    }
  });
  svg.addEventListener("pointerup", (event) => {
    if (!held) return;
    const { moved, index } = held;
    held = null;
    svg.classList.remove("is-panning");
    if (!moved && index < 0) {
      vertices.push({ ...snapped(placeOf(event)), laying: find("laying").value, well: false });
      changed(vertices.length - 1);
    } else if (moved && index >= 0) {
      changed(index);
    } else if (index >= 0) {
      draw(index);
    }
  });
  svg.addEventListener("pointercancel", () => { held = null; });

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  layer.addEventListener("keydown", (event) => {
    const index = +event.target.dataset.handle;
    const step = STEPS[event.key];
    if (step) {
      vertices[index].x += step[0] * KEY_METRES;
      vertices[index].y += step[1] * KEY_METRES;
    } else if (event.key === "Delete" || event.key === "Backspace") {
      vertices.splice(index, 1);
    } else {
      return;
    }
    event.preventDefault();
    changed(Math.min(index, vertices.length - 1));
  });

  const press = (name, act) => find(name).addEventListener("click", act);
  press("undo", () => { vertices.pop(); changed(); });
  press("clear", () => { vertices = []; changed(); });
  press("well", () => {
    const focused = document.activeElement?.dataset?.handle;
    const vertex = vertices[focused === undefined ? vertices.length - 1 : +focused];
    if (!vertex) return;
    vertex.well = !vertex.well;
    changed();
  });
  const zoom = (factor) => {
    view.x += (view.w * (1 - factor)) / 2;
    view.y += (view.h * (1 - factor)) / 2;
    view.w *= factor;
    view.h *= factor;
    show();
  };
  press("zoom-in", () => zoom(1 / 1.5));
  press("zoom-out", () => zoom(1.5));
  find("laying").addEventListener("change", (event) => {
    // What comes after the last point is laid in the new way.
    if (vertices.length) vertices[vertices.length - 1].laying = event.target.value;
    if (vertices.length > 1) changed();
  });

  // A route that is one line from end to end can be gone on with; others are drawn anew.
  const load = (route) => {
    const features = route.features.filter((f) => f.geometry.type === "LineString");
    const wells = new Set(route.features.filter((f) => f.geometry.type === "Point")
      .map((f) => f.geometry.coordinates.join()));
    const loaded = [];
    for (const feature of features) {
      const points = feature.geometry.coordinates;
      const last = loaded[loaded.length - 1];
      if (last && last.key !== points[0].join()) return;
      points.slice(last ? 1 : 0).forEach((point) => {
        loaded.push({ ...toPlace(point), key: point.join(), well: wells.has(point.join()), laying: "" });
      });
      const start = loaded.length - points.length;
      for (let i = start; i < loaded.length; i += 1) loaded[i].laying = feature.properties.laying;
    }
    if ([...wells].some((key) => !loaded.some((vertex) => vertex.key === key))) return;
    vertices = loaded;
  };
  try {
    const route = field.value ? JSON.parse(field.value) : json("draw-route");
    if (route) load(route);
  } catch {
    vertices = [];
  }
  show();
  window.addEventListener("resize", show);
  form.elements.voltage_kv.addEventListener("change", () => { if (field.value) ask(); });
  form.elements.with_chamber.addEventListener("change", () => { if (field.value) ask(); });
})();
