"""Small words by which languages that share an alphabet are told apart.

Words that two languages share count for both, and less.  `LETTERS` are those that
few languages use.
"""

# ruff: noqa: RUF001 - letters of other alphabets may look like ours

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "en": """
    the and of to in is are was were be been have has had not you your we our they
    their this that these those with from for which what when where who will would
    can could should it its on at by as or if but there do does did an any all more
    than please how must may cannot into only other some
    """,
    "de": """
    der die das und oder ist sind war waren nicht ein eine einen einem einer ich du
    er sie wir ihr mein dein sein unser mit von für auf aus bei nach zu zum zur im
    am als auch wenn dass daß wird werden wurde kann können muss müssen haben hat
    hatte noch nur schon sich den dem des bitte diese dieser dieses kein keine wie
    was mehr über durch vor bis um sehr aber
    """,
    "fr": """
    le la les des du de et ou est sont était un une dans pour par sur avec sans pas
    ne que qui quoi dont où je tu il elle nous vous ils elles mon ma mes votre vos
    notre nos ce cette ces cet au aux plus être avoir fait faire peut avez ont avait
    mais si comme tout tous toutes très aussi leur leurs son sa ses se en veuillez
    doit aucun été
    """,
    "es": """
    el la los las de del y o es son era fue un una unos unas en para por con sin no
    que quien cual cuando donde yo tú él ella nosotros ustedes usted ellos mi su sus
    este esta estos estas ese esa al más ser estar está están ha han hay puede pero
    si como todo todos muy también lo le les se me nos ya sobre hasta desde debe
    porque cada entre
    """,
    "it": """
    il lo la i gli le di del della dei delle degli e o è sono era un uno una in nel
    nella per con senza non che chi cui quando dove io tu lui lei noi voi loro mio
    suo sua questo questa questi queste al alla ai alle più essere avere ha hanno
    può ma se come tutto tutti molto anche si ci da dal dalla sul sulla deve ogni
    già ho stato sia
    """,
    "pt": """
    o a os as de do da dos das e ou é são era um uma uns umas em no na nos nas para
    por pelo pela com sem não que quem qual quando onde eu você ele ela nós eles
    elas meu minha seu sua seus suas este esta esse essa isso ao aos à mais ser
    estar está foi tem têm há pode mas se como tudo todos muito também já até deve
    cada entre ter
    """,
    "nl": """
    de het een en of is zijn was waren niet geen ik jij je hij zij ze wij we u uw
    mijn met van voor op uit bij naar te om in aan als ook wanneer dat die dit deze
    wordt worden werd kan kunnen moet moeten heeft hebben had nog maar al zich er
    door over tot dan meer alle wat hoe wie waar zou
    """,
    "sv": """
    och att det som en ett är var i på av för med till den de inte jag du han hon vi
    ni min din sin om men eller från har hade kan ska skulle måste när där vad vem
    hur detta denna dessa mycket mer alla så bara också efter under över mot utan
    bli blir blev finns vara sig sina eftersom
    """,
    "da": """
    og at det som en et er var i på af for med til den de ikke jeg du han hun vi min
    din sin om men eller fra har havde kan skal skulle må når hvor hvad hvem hvordan
    denne dette disse meget mere alle så kun også efter under over mod uden blive
    bliver blev findes være sig sine mig dig noget nogen ud ind op end nu igen
    gennem dit mit hver fordi
    """,
    "no": """
    og at det som en et er var i på av for med til den de ikke jeg du han hun vi min
    din sin om men eller fra har hadde kan skal skulle må når hvor hva hvem hvordan
    denne dette disse mye mer alle så bare også etter under over mot uten bli blir
    ble finnes være seg sine meg deg noe noen ut inn opp enn nå igjen gjennom ditt
    mitt hver fordi å
    """,
    "fi": """
    ja on ei että se ne hän he minä sinä me te oli ovat olla ollut tai mutta kun jos
    niin kuin myös vain tämä tämän tässä nämä joka jotka mitä mikä miten missä
    kaikki sen sitä hänen meidän heidän voi voidaan pitää ole olet olen mukaan
    kanssa ennen jälkeen enää vielä nyt sekä eikä
    """,
    "pl": """
    i w na z do że się nie jest są był była było to ten ta te tym tego jak ale lub
    oraz dla od po przez przy za jego jej ich mnie mi my wy on ona ono oni który
    która które których może można musi być ma mają już tylko także czy co gdy jeśli
    bardzo bez pod nad między proszę
    """,
    "cs": """
    a v na s z do že se ne je jsou byl byla bylo to ten ta ty tím toho jak ale nebo
    pro od po přes při za jeho její jejich mě mi my vy on ona oni který která které
    kterých může musí být má mají už jen také zda co když pokud velmi bez pod nad
    mezi prosím si tento tato není nelze
    """,
    "hu": """
    a az és hogy nem is egy ez azt ezt van volt vannak lesz meg csak már még mint de
    vagy ha akkor ami aki amely amelyek nincs én te ő mi ti ők kell lehet minden
    után előtt alatt között során szerint által kérjük ezek azok olyan itt ott
    legyen
    """,
    "ro": """
    și şi în la de cu pe din pentru este sunt era nu un o unei unui că să se care ce
    când unde eu tu el ea noi voi ei mai sau dar dacă prin după până fără fi fost
    are au avea poate trebuie acest această acestea toate foarte dumneavoastră vă
    ale al lui lor într
    """,
    "tr": """
    ve bir bu için ile de da ne mi mı değil olarak olan olduğu daha çok en gibi
    kadar sonra önce ama veya ya her şey ben sen o biz siz onlar var yok olabilir
    gerekir lütfen bütün tüm üzerinde tarafından ise çünkü nasıl hangi bunu
    """,
    "id": """
    dan yang di ke dari untuk dengan ini itu adalah tidak akan pada dalam atau saya
    anda kami kita mereka dia bisa dapat harus sudah telah oleh juga karena jika
    seperti lebih semua ada bukan silakan apa bagaimana hanya setiap sebagai
    """,
    "vi": """
    và của là có không được trong cho với một các những này đó để khi từ người tôi
    bạn chúng ta đã sẽ đang phải cần vui lòng hoặc nếu thì mà như rất cũng trên dưới
    vào ra nhiều hơn
    """,
    "ru": """
    и в на с не что это как он она они мы вы я но или для от до по из у за так же
    его её их был была было были быть есть который которая которые может можно нужно
    если когда где чтобы только уже все всё при под о об к бы ли
    """,
    "uk": """
    і й та в у на з не що це як він вона вони ми ви я але або для від до по із за
    так же його її їх був була було були бути є який яка які може можна потрібно
    якщо коли де щоб тільки вже все при під про к би чи
    """,
    "bg": """
    и в на с не че това как той тя те ние вие аз но или за от до по из при така ще
    се си го му бъде е са беше бил била които който която може трябва ако когато
    къде само вече всички под към да ли
    """,
    "ar": """
    في من على إلى عن مع هذا هذه ذلك التي الذي أن إن كان كانت لا ما لم لن هو هي هم
    نحن أنت أنا أو ثم قد كل بعد قبل بين عند يمكن يجب حتى إذا
    """,
    "fa": """
    در از به با که این آن را برای است هست بود نیست شود شده می و یا تا هر اگر باید
    کرد کند کنید ما شما من او آنها خود نمی های هم
    """,
}

LETTERS: Mapping[str, str] = {
    "de": "äöüß",
    "fr": "éèêàùçœîôû",
    "es": "ñ¿¡áóíúé",
    "it": "òàèìù",
    "pt": "ãõçáâêé",
    "sv": "åäö",
    "da": "åæø",
    "no": "åæø",
    "fi": "äö",
    "pl": "łżźćńśęąó",
    "cs": "řěůčšžýťďáíé",
    "hu": "őűáéóöüí",
    "ro": "ășțâîşţ",
    "tr": "ğışçöü",
    "vi": "ơưđạảấầậếềệốộợụủứừữịọ",
    "ru": "ыэъё",
    "uk": "іїєґ",
    "bg": "ъ",
    "fa": "پچژگی",
}
