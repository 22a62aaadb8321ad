// Shows WeChat's own button "tell me when it is fixed" as soon as WeChat says that it works here.
// The consent reaches the server by WeChat's event, never from this page.
"use strict";

const offer = document.querySelector(".tell");
const wx = window.wx;

if (offer && wx) {
  wx.config({
    jsApiList: ["checkJsApi"],
    openTagList: ["wx-open-subscribe"],
    ...JSON.parse(offer.dataset.config),
  });
  wx.ready(() => {
    offer.hidden = false;
  });
  document.addEventListener("WeixinOpenTagsError", () => {
    offer.hidden = true;
  });
  const button = offer.querySelector("wx-open-subscribe");
  button.addEventListener("success", (event) => {
    if (!/accept/.test(JSON.stringify(event.detail))) return;
    button.remove();
    offer.querySelector(".told").hidden = false;
  });
}
