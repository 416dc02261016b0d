(function () {
  "use strict";
  var section = document.currentScript.closest("section");
  var data = JSON.parse(section.querySelector(".explorer-data").textContent);
  var sliders = Array.prototype.slice.call(section.querySelectorAll("input[type=range]"));
  var answer = section.querySelector(".explorer-answer");
  var main = {};
  var pairs = {};
  data.main.forEach(function (row) {
    main[row.slice(0, 2).join(",")] = row[2];
  });
  data.pairs.forEach(function (row) {
    pairs[row.slice(0, 4).join(",")] = row[4];
  });

  // The place of each lever's level; 0 is the baseline's own.
  function chosen() {
    return sliders.map(function (slider, lever) {
      return data.levers[lever].order[Number(slider.value)];
    });
  }

  // What the emulator says of a mix, and whether any of its levels, or two of them together,
  // were never simulated.
  function estimated(mix) {
    var levels = [];
    var worth = 0;
    var beyond = false;
    mix.forEach(function (place, lever) {
      if (place) {
        levels.push(lever + "," + place);
      }
    });
    function add(effects, key) {
      if (key in effects) {
        worth += effects[key];
      } else {
        beyond = true;
      }
    }
    levels.forEach(function (one, k) {
      add(main, one);
      levels.slice(k + 1).forEach(function (other) {
        add(pairs, one + "," + other);
      });
    });
    return { worth: worth, beyond: beyond };
  }

  function spend(mix) {
    return mix.reduce(function (sum, place, lever) {
      return sum + data.levers[lever].spend[place];
    }, 0);
  }

  function rounded(number) {
    return Math.abs(number).toLocaleString("en-GB", { maximumSignificantDigits: 3 });
  }

  function amount(number, always) {
    return (number < 0 ? "-" : "") + (always || data.pounds ? "\u00a3" : "") + rounded(number);
  }

  function levelOf(lever, place) {
    var level = lever.levels[place];
    if (lever.option) {
      return level ? "taken" : "not taken";
    }
    return String(level);
  }

  function show() {
    var mix = chosen();
    var seen = data.simulated[mix.join(",")];
    var cost = spend(mix);
    var over = cost > data.budget + 1e-6;
    var found = estimated(mix);
    var state = seen ? "simulated" : found.beyond || over ? "extrapolated" : "estimated";
    var worth = seen ? seen[0] : found.worth;
    var words = "Worth " + amount(Math.abs(worth)) + (worth < 0 ? " less" : " more") +
      " than the baseline";
    if (seen) {
      words += " (95% interval " + amount(seen[1]) + " to " + amount(seen[2]) + "); simulated.";
    } else {
      if (state === "estimated" && data.se !== null) {
        words += " (standard error of the estimate " + amount(data.se) + ")";
      }
      words += "; estimated, not simulated.";
    }
    if (state === "extrapolated") {
      words += " \u26a0 Extrapolates: " + (over ? "beyond the budget that was searched." :
        "levels of this mix were never simulated together.");
    }
    words += " Spends " + amount(cost, true) + " a year beyond the baseline, ";
    words += over ? amount(cost - data.budget, true) + " over the budget." : "within the budget.";
    sliders.forEach(function (slider, lever) {
      var text = levelOf(data.levers[lever], mix[lever]);
      slider.setAttribute("aria-valuetext", text);
      slider.parentNode.querySelector(".explorer-level").textContent = text;
    });
    answer.textContent = words;
    answer.dataset.state = state;
    answer.dataset.worth = worth;
    answer.dataset.spend = cost;
  }

  sliders.forEach(function (slider) {
    slider.addEventListener("input", show);
  });
  section.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
  });
  section.querySelector("form").hidden = false;
  show();
})();
