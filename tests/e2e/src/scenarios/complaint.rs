//! A customer complains at the counter: taken in through a kill, checked, assessed, with its handler; the manager sees it
//! counted.

use anyhow::{Result, ensure};

use crate::clerk;
use crate::desks::{Person, change_to, choose, create_account, done};
use crate::printer::Printer;
use crate::window::Window;

const HANDLER: Person = ("zheng", "郑投诉", "complaint_handler");
const MANAGER: Person = ("zhou", "周经理", "manager");
const MATTER: &str = "购买时业务员称可随时退保全额返还，现申请退保被告知有损失，要求核实并退还保费。";

pub(crate) fn run(window: &mut Window<'_>, _: &Printer) -> Result<()> {
    clerk::begin_day(window)?;
    create_account(window, HANDLER)?;
    create_account(window, MANAGER)?;
    change_to(window, HANDLER.0)?;
    window.page()?.click("rail-complaints")?;
    window.page()?.find("complaints-empty")?;
    window.look("no-complaints")?;
    window.page()?.click("complaints-new")?;
    let page = window.page()?;
    page.fill("intake-name", "欧阳明月")?;
    page.fill("intake-mobile", "1380013")?;
    page.fill("intake-matter", MATTER)?;
    page.click("intake-submit")?;
    // Everything that is wrong is told at its field, and nothing typed is lost.
    page.says("intake", "手机号")?;
    page.says("intake", "接待地点")?;
    window.look("complaint-refused")?;
    window.page()?.says("status-saving", "已保存")?;
    window.kill()?;
    window.open()?;
    clerk::log_in(window, HANDLER.0, clerk::PASSWORD)?;
    window.page()?.click("rail-complaints")?;
    window.page()?.click("complaints-new")?;
    let page = window.page()?;
    page.find("intake-name")?;
    page.holds("intake-matter", MATTER)?;
    page.fill("intake-place", "一号接待室")?;
    page.fill("intake-mobile", "13800138000")?;
    page.click("intake-submit")?;
    page.says("complaint-matter", "随时退保")?;
    page.says("clock-K10", "进行中")?;
    window.look("complaint-file")?;

    window.page()?.click("step-accept")?;
    for field in ["complete", "clear", "lawful"] {
        choose(window, field, "yes")?;
    }
    done(window, "accept")?;
    window.page()?.says("complaint-status", "已受理")?;
    window.page()?.click("step-assess")?;
    choose(window, "category", "product.mis_selling")?;
    choose(window, "cause", "information")?;
    choose(window, "severity", "low")?;
    choose(window, "urgency", "medium")?;
    choose(window, "major", "no")?;
    window.look("complaint-assess")?;
    done(window, "assess")?;
    window.page()?.click("step-assign")?;
    let page = window.page()?;
    page.click("step-handler")?;
    page.click_css(".ant-select-item-option")?;
    choose(window, "no_interest", "yes")?;
    done(window, "assign")?;
    window.page()?.says("complaint-status", "已分派")?;
    // What was accepted can be told in a letter; what was not decided cannot.
    window.page()?.click_css(".ant-tabs-tab[data-node-key='prints']")?;
    clerk::previewed(window)?;
    clerk::preview(window, "complaint_record")?;
    window.look("complaint-letter")?;
    window.page()?.click_css(".ant-tabs-tab[data-node-key='overview']")?;
    // The list of what is due has the complaint's limits, none of them near.
    window.page()?.click("rail-home")?;
    window.page()?.find("home-due")?;
    window.page()?.click("rail-complaints")?;
    window.page()?.says("complaints-count", "1")?;
    window.look("complaints")?;
    ensure!(!window.page()?.has("step-decide")?, "the handler may decide");
    ensure!(!window.page()?.has("complaints-summary")?, "the handler sees who handles how many");

    change_to(window, MANAGER.0)?;
    window.page()?.click("rail-complaints")?;
    window.page()?.click("complaints-summary")?;
    let page = window.page()?;
    page.says("summary-tile-count", "1")?;
    page.find("trend")?;
    window.look("complaint-summary")?;
    window.page()?.click_css(".ant-tabs-tab[data-node-key='print']")?;
    clerk::previewed(window)?;
    window.look("complaint-summary-print")?;
    window.page()?.click_css(".ant-tabs-tab[data-node-key='figures']")?;
    window.page()?.click("summary-count-product.mis_selling")?;
    window.page()?.find("complaints-behind")?;
    window.page()?.says("complaints-count", "1")?;
    window.look("complaints-behind")?;
    window.close()?;
    clerk::verify(window)
}
