"""The bytes of a menu's item: its id, which comes back as `bizmsgmenuid`.

WeChat does not say how long such an id may be. 64 bytes is what its sibling for companies takes
(developer.work.weixin.qq.com, WeChat customer service, send_msg, msgmenu).
"""

from bot.channels.button_data import compact_codec

__all__ = ["MENU_ITEM_ID"]

MENU_ITEM_ID = compact_codec("item", 64)
