// Words, instants and lengths of time as the page's language and the reader's zone have them.

class Words {
  constructor(data) {
    this.texts = data.words;
    const { language } = data;
    const format = (options) => new Intl.DateTimeFormat(language, options);
    const day = { weekday: "short", day: "numeric", month: "short" };
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const now = Date.now();
    this.year = new Date(now).getFullYear();
    this.short = format({ ...day, ...clock });
    this.long = format({ ...day, ...clock, year: "numeric" });
    this.zoned = format({ ...day, ...clock, timeZoneName: "short" });
    this.weekday = format({ weekday: "short" });
    this.zone = this.short.resolvedOptions().timeZone;
    const unit = (name, display) =>
      new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: display });
    this.units = {
      day: unit("day", "long"),
      hour: unit("hour", "short"),
      minute: unit("minute", "short"),
      second: unit("second", "short"),
    };
  }

  // An hour that the clock repeats carries its zone's name, so that it names one instant.
  instant(at) {
    const date = new Date(at);
    const hour = 3600000;
    const near = [at - hour, at + hour].some((other) =>
      new Date(other).getHours() === date.getHours());
    const format = near ? this.zoned : date.getFullYear() === this.year ? this.short : this.long;
    return format.format(date);
  }

  // Never too short: hours beyond a day, minutes beyond an hour, else minutes and seconds.
  length(span) {
    const part = (n, unit) => (n ? [this.units[unit].format(n)] : []);
    if (span >= 86400000) {
      const hours = Math.ceil(span / 3600000);
      return [...part(Math.floor(hours / 24), "day"), ...part(hours % 24, "hour")].join(" ");
    }
    if (span > 3540000) {
      const minutes = Math.ceil(span / 60000);
      if (minutes === 1440) return this.units.day.format(1);
      return [...part(Math.floor(minutes / 60), "hour"), ...part(minutes % 60, "minute")].join(" ");
    }
    const seconds = Math.ceil(span / 1000);
    return [...part(Math.floor(seconds / 60), "minute"), this.units.second.format(seconds % 60)].join(" ");
  }

  // A sentence whose {names} are filled in, each in an element that keeps its direction apart.
  say(name, values = {}) {
    const parts = this.texts[name].split(/\{(\w+)\}/);
    return parts.map((part, n) => (n % 2 ? element("bdi", {}, [values[part]]) : part));
  }
}

function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
