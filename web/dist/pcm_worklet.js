var n = class extends AudioWorkletProcessor {
  #s = [];
  #t = 0;
  #e = 0;
  #i = null;
  #h = !1;
  constructor() {
    super(),
      this.port.onmessage = ({ data: t }) => {
        if (t === "end") this.#h = !0;
        else if (t === "drop") {
          for (let [s] of this.#s) this.#e += s.length;
          this.#e -= this.#t, this.#s.length = 0, this.#t = 0;
        } else this.#s.push(t);
      };
  }
  process(t, [s]) {
    let l = s[0].length, e = 0;
    for (; e < l && this.#s.length > 0;) {
      let [r] = this.#s;
      this.#n(currentFrame + e - this.#e);
      let i = Math.min(r[0].length, this.#t + l - e);
      for (let h = 0; h < s.length; h++) s[h].set(r[h].subarray(this.#t, i), e);
      if (
        e += i - this.#t, this.#e += i - this.#t, this.#t = i, i < r[0].length
      ) break;
      this.#s.shift(), this.#t = 0;
    }
    return !this.#h || this.#s.length > 0 ? !0 : (this.#r("ended"), !1);
  }
  #n(t) {
    t !== this.#i && (this.#i = t, this.#r({ aheadFrames: t }));
  }
  #r(t) {
    this.port.postMessage(t);
  }
};
registerProcessor("pcm", n);
